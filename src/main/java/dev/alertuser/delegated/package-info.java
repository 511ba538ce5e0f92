/** Lookups with the rights of the user who asks: tokens on behalf of users, and what belongs to each of their sign-ins. */
@NullMarked
package dev.alertuser.delegated;

import org.jspecify.annotations.NullMarked;
