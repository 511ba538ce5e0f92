/** Queue triggers: messages fetched, settled and moved to poison queues as the storage extension does. */
package dev.alertuser.localkit.host.queue;
