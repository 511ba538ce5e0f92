/**
 * A Functions host for one machine: finds functions by their annotations and calls them as the platform does. Where it has a choice, it
 * follows the host 4.x, the storage extension 5.x and the Java worker 2.x, whose source is public; what the platform alone can do
 * (keys, scale, blobs, output bindings) it leaves out. {@code settings} is what it is told, {@code function} finds and calls functions,
 * {@code http} and {@code queue} are what triggers them.
 */
package dev.alertuser.localkit.host;
