package io.goodhart.api.dataset;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.facts.DatasetNames;
import io.goodhart.db.dataset.DatasetId;
import io.goodhart.db.dataset.DatasetView;
import io.goodhart.db.dataset.Datasets;
import io.goodhart.domain.NotFoundException;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Finds registered data sets by id, name or {@code name@version}; anything else can only be a path. */
@Component
class RegisteredDatasets implements DatasetNames {
    private static final Pattern NAME = Pattern.compile("([a-z0-9][a-z0-9._-]{0,63})(?:@([1-9][0-9]{0,8}))?");

    private final Datasets datasets;
    private final ArtifactLibrary artifacts;

    RegisteredDatasets(Datasets datasets, ArtifactLibrary artifacts) {
        this.datasets = datasets;
        this.artifacts = artifacts;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches()
                && text.indexOf('@') < 0
                && DatasetId.of(text).isEmpty();
    }

    /** Whether the text names one version and not whichever is the newest. */
    static boolean isExact(String text) {
        return text.indexOf('@') >= 0 || DatasetId.of(text).isPresent();
    }

    /** @throws NotFoundException if there is none */
    DatasetView get(String text) {
        return view(text).orElseThrow(() -> new NotFoundException("dataset_not_found", "There is no data set " + text));
    }

    @Override
    public Optional<Named> find(String text) {
        return view(text)
                .map(view ->
                        new Named(view.revision(), artifacts.file(view.content().artifact())));
    }

    @Override
    public Collection<String> names() {
        return datasets.names();
    }

    private Optional<DatasetView> view(String text) {
        Optional<DatasetId> id = DatasetId.of(text);
        if (id.isPresent()) {
            return Optional.of(datasets.get(id.get()));
        }
        Matcher name = NAME.matcher(text);
        if (!name.matches()) {
            return Optional.empty();
        }
        return name.group(2) == null
                ? datasets.byName(name.group(1))
                : datasets.byVersion(name.group(1), Integer.parseInt(name.group(2)));
    }
}
