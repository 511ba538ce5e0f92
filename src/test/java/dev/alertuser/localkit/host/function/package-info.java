/** The functions: found by their annotations, and called as the Java worker calls them, whatever triggers them. */
package dev.alertuser.localkit.host.function;
