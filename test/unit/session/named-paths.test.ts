import { expect, test } from 'vitest';
import { namedIn } from '../../../controller/session/planning/named-paths.ts';
import { BundleBuilder } from '../../helpers/bundle-builder.ts';

const bundle = new BundleBuilder()
  .service('shop')
  .self('shop', 'logs', 'logs')
  .service('mail')
  .self('mail', 'logs', 'logs')
  .calls('shop', 'mail')
  .finding('shop/logs', 'logs.Error', 'Critical', 60, { trace: 'at read (/app/src/store.js:12:3)' })
  .finding('mail/logs', 'logs.Error', 'Warning', 60, { trace: 'at send (/app/src/send.js:1:1)' })
  .build('shop');

test.each([
  ['in a stack trace of a service on the way', 'src/store.js', ['shop/logs', 'shop'], true],
  ['at a service that is not on the way', 'src/send.js', ['shop/logs', 'shop'], false],
  ['anywhere, where no way is known', 'src/send.js', [], true],
  ['nowhere', 'src/other.js', [], false],
  ['as the end of another name', 'tore.js', [], false],
  ['as the beginning of another name', 'src/store.j', [], false],
])('a file that is named %s', (_, path, chain, named) => {
  expect(namedIn(bundle, chain)(path)).toBe(named);
});
