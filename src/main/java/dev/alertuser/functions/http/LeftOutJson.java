package dev.alertuser.functions.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LeftOut.Kind;
import dev.alertuser.service.alert.LeftOut.Part;
import java.util.ArrayList;
import java.util.List;

/** The parts of a body that were left out, as callers see them: each with its place and the reason. */
public final class LeftOutJson {
    private LeftOutJson() {}

    public static LeftOut of(AlertIds ids) {
        List<Part> parts = new ArrayList<>();
        ids.invalid()
                .forEach(entry -> parts.add(new Part(
                        Kind.INVALID,
                        entry.path(),
                        null,
                        ErrorCode.of(entry.reason()).code(),
                        entry.message())));
        ids.skipped().forEach(alert -> {
            String alertId = alert.alertId() == null ? null : alert.alertId().value();
            parts.add(
                    new Part(Kind.SKIPPED, alert.path(), alertId, alert.reason().code(), alert.message()));
        });
        ids.duplicates()
                .forEach(id -> parts.add(
                        new Part(Kind.DUPLICATE, id.path(), id.alertId().value(), "", "")));
        return new LeftOut(
                ids.skipped().size(), ids.invalid().size(), ids.duplicates().size(), parts);
    }

    /** {@code [{"path","alertId"|null,"reason","message"}]}. */
    public static ArrayNode skipped(LeftOut leftOut) {
        ArrayNode array = Json.array();
        leftOut.parts(Kind.SKIPPED)
                .forEach(part -> array.addObject()
                        .put("path", part.path())
                        .put("alertId", part.alertId())
                        .put("reason", part.code())
                        .put("message", part.message()));
        return array;
    }

    /** {@code [{"path","alertId"}]}. */
    public static ArrayNode duplicates(LeftOut leftOut) {
        ArrayNode array = Json.array();
        leftOut.parts(Kind.DUPLICATE)
                .forEach(part -> array.addObject().put("path", part.path()).put("alertId", part.alertId()));
        return array;
    }

    /** Errors in Azure's form; the target of each is its place. */
    public static ArrayNode invalid(LeftOut leftOut) {
        ArrayNode array = Json.array();
        leftOut.parts(Kind.INVALID).forEach(part -> array.add(error(part)));
        return array;
    }

    public static ObjectNode error(Part part) {
        return Json.object()
                .put("code", part.code())
                .put("message", part.message())
                .put("target", part.path());
    }
}
