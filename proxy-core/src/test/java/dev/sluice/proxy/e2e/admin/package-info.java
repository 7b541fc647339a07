/** What the admin port tells of a proxy that runs, and whom it lets change something. */
package dev.sluice.proxy.e2e.admin;
