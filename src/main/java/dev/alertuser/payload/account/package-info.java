/** Sentinel Account entities out of users. */
@NullMarked
package dev.alertuser.payload.account;

import org.jspecify.annotations.NullMarked;
