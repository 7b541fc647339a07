/** gRPC calls: kinds, statuses, deadlines and goodbyes. */
package dev.sluice.proxy.e2e.grpc;
