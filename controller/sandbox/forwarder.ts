/**
 * Runs a command inside the sandbox beside a port of the sandbox's own loopback, which leads to the socket that is bound into it: few programs
 * take a socket for their proxy. A text, as nothing of ours is seen in there; node's thread pool and all go with the command.
 */
export const forwarder = `
const { createServer, connect } = require('node:net');
const { spawn } = require('node:child_process');
const { pipeline } = require('node:stream');
const { constants } = require('node:os');
const [socket, port, program, ...args] = process.argv.slice(1);
const server = createServer({ allowHalfOpen: true }, (inside) => {
  const outside = connect({ path: socket, allowHalfOpen: true });
  pipeline(inside, outside, inside, () => undefined);
});
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(error.message);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
});
`;
