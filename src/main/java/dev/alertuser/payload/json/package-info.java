/** JSON from strangers, read within bounds: values with their paths, text in the encodings in which it is sent. */
@NullMarked
package dev.alertuser.payload.json;

import org.jspecify.annotations.NullMarked;
