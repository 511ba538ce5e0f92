package dev.alertuser.service.budget;

/** The right to make one Defender call, now. It is charged whether it is used or not. */
@FunctionalInterface
public interface Permit {
    /** True until the send deadline; a request sent later could arrive in a window that has no room for it. */
    boolean isCurrent();
}
