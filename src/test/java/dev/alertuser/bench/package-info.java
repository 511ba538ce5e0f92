/**
 * The benchmark of {@code mvn -Pbench}: our limiter and Bucket4j, on the same table, under the same load, in JVMs of their own. Time is
 * compressed thirtyfold, which makes contention for the row as much harder than it is at Defender's real limits.
 */
package dev.alertuser.bench;
