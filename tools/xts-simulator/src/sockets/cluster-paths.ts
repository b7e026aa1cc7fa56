import type { IncomingMessage, Server } from 'node:http'

/** `/7interactive/socket.io` of a cluster's node, and `/socket.io` where the host lookup names no prefix. */
const CLUSTER_PATH = /^\/(?:\d+interactive\/)?socket\.io(?=\/|\?|$)/i

/** Lets sockets in at the paths of the cluster, too: all nodes are this one. Called when every door is open. */
export function openClusterPaths(http: Server): void {
  const rename = (request: IncomingMessage): void => {
    request.url = request.url?.replace(CLUSTER_PATH, '/interactive/socket.io')
  }
  http.prependListener('request', rename)
  http.prependListener('upgrade', rename)
}
