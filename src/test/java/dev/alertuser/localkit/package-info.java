/**
 * All of the app on one machine, on loopback and without an Azure account, as {@code mvn -Plocal} runs it. Its parts, which tests use
 * alone: {@code process} (Azurite and other child processes), {@code fake} (stand-ins for Defender and for the managed-identity endpoint) and
 * {@code host} (a host for the functions).
 */
package dev.alertuser.localkit;
