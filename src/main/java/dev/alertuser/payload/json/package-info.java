/** Bounded reading of untrusted JSON: values with their paths, and text in the encodings that senders use. */
@NullMarked
package dev.alertuser.payload.json;

import org.jspecify.annotations.NullMarked;
