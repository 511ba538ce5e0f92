/** What the kit and the tests run in processes of their own: Azurite, the local host, and classes of this build in small JVMs. */
package dev.alertuser.localkit.process;
