package dev.alertuser.service.budget;

/**
 * What a permit is wanted for. Equal questions have equal keys on every instance, so a place in line is found again without a session.
 *
 * @param value 64 bits of a hash, so that the row of the limiter shows no alert id
 */
public record QuestionKey(long value) {}
