// Sends back on a socket whatever comes, and ends with whoever started it: the other end of a round trip.
import { createServer } from 'node:net';

const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on('error', () => {});
});
server.listen(process.argv[2], () => process.send('ready'));
process.once('disconnect', () => process.exit());
