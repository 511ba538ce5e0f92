/**
 * The triggers, one class each: parse, ask the service, answer. Function classes hold no static state and are made anew for each call by
 * their no-arg constructors; the graph behind them is made once per process, when a call first needs it.
 */
@NullMarked
package dev.alertuser.functions;

import org.jspecify.annotations.NullMarked;
