package dev.alertuser.service;

/** How often this instance found an answer kept, and how often it did not, since it started. */
public record CacheStats(long hits, long misses) {}
