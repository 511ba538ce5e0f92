package dev.alertuser.service.port;

/**
 * The queues that the app sends to.
 *
 * @param requests where a request is put off to
 * @param results where every request ends
 */
public record MessageQueues(MessageQueue requests, MessageQueue results) {}
