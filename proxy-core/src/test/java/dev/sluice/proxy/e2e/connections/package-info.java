/** How connections on either side are opened, kept, limited and closed, whatever goes over them. */
package dev.sluice.proxy.e2e.connections;
