package dev.alertuser.service;

/** Hits and misses of the answer cache on this instance since it started. */
public record CacheStats(long hits, long misses) {}
