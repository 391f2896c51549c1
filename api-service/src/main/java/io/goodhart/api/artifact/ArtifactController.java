package io.goodhart.api.artifact;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

@RestController
@Tag(name = "artifacts", description = "Content-addressed outputs")
class ArtifactController {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final int SHORT_NAME = 12;

    private final ArtifactLibrary library;

    ArtifactController(ArtifactLibrary library) {
        this.library = library;
    }

    @GetMapping("/v1/artifacts/{sha256}")
    @Operation(
            operationId = "getArtifact",
            summary = "The bytes of one artifact",
            description = "Understands Range and If-None-Match. The bytes never change; their hash is their name.")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<Resource> get(@PathVariable String sha256, WebRequest request) {
        ArtifactId id = parse(sha256);
        Output description = library.describe(id);
        String etag = "\"" + id.sha256() + "\"";
        if (request.checkNotModified(etag)) {
            return ResponseEntity.status(304).eTag(etag).build();
        }
        MediaType type = MediaType.parseMediaType(description.mediaType());
        ContentDisposition attachment = ContentDisposition.attachment()
                .filename(id.sha256().substring(0, SHORT_NAME) + extension(type))
                .build();
        return ResponseEntity.ok()
                .contentType(type)
                .eTag(etag)
                .cacheControl(CacheControl.maxAge(FOREVER).cachePrivate().immutable())
                .header(HttpHeaders.CONTENT_DISPOSITION, attachment.toString())
                .body(new FileSystemResource(library.file(id)));
    }

    private static ArtifactId parse(String sha256) {
        try {
            return new ArtifactId(sha256);
        } catch (IllegalArgumentException e) {
            throw new NotFoundException("artifact_not_found", "There is no artifact " + sha256);
        }
    }

    private static String extension(MediaType type) {
        return switch (type.getSubtype()) {
            case "csv" -> ".csv";
            case "gzip" -> ".tar.gz";
            case "tab-separated-values" -> ".tsv";
            case "vnd.apache.parquet" -> ".parquet";
            case "x-tar" -> ".tar";
            case "zip" -> ".zip";
            case String subtype
            when subtype.contains("safetensors") || subtype.equals("octet-stream") -> ".safetensors";
            case String subtype when subtype.contains("jsonl") || subtype.contains("ndjson") -> ".jsonl";
            case String subtype -> subtype.contains("json") ? ".json" : ".txt";
        };
    }
}
