package dev.alertuser.service.port;

/**
 * The queues that the app sends to.
 *
 * @param requests takes deferred requests
 * @param results takes the result of every request
 */
public record MessageQueues(MessageQueue requests, MessageQueue results) {}
