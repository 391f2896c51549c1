package io.goodhart.api.facts;

import java.util.Optional;

/** What models are called beside their paths. */
@FunctionalInterface
public interface ModelNames {
    /**
     * The directory that a name, an id or a reference stands for.
     *
     * @param field what problems name
     * @return empty if this is none of them, and can only be a path
     * @throws io.goodhart.domain.InvalidInputException if it is registered and not ready, or a reference that is not registered
     */
    Optional<Named> find(String text, String field);

    /**
     * A registered model that is ready.
     *
     * @param path directory, relative to the files root
     * @param sha256 what it was when it was registered
     */
    record Named(String path, String sha256) {}
}
