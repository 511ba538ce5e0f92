/** The user in whose name a lookup is made, and why Entra ID may refuse that. */
@NullMarked
package dev.alertuser.service.user;

import org.jspecify.annotations.NullMarked;
