import { describe, expect, it } from 'vitest';
import { hostMatches, nameMatches, repositoryMatches, workflowMatches } from '../../../controller/config/glob.ts';

describe('globs', () => {
  it.each([
    ['db.example.com', 'db.example.com', true],
    ['db.example.com', 'DB.Example.Com.', true],
    ['*.amazonaws.com', 'ecs.eu-west-1.amazonaws.com', true],
    ['*.amazonaws.com', 'amazonaws.com', false],
    ['*.amazonaws.com', 'amazonaws.com.evil.example', false],
    ['*.amazonaws.com', 'xamazonaws.com', false],
    ['db-*.example.com', 'db-1.example.com', true],
    ['db-*.example.com', 'db-1.evil.example.com', false],
    ['db-*.example.com', 'db-1.x/.example.com', false],
    ['*', 'anything.example', true],
    ['*', '', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '[::1]', true],
    ['a.*', 'a.b', true],
    ['ab*ba.x', 'aba.x', false],
  ])('host %s against %s: %s', (glob, host, matches) => {
    expect(hostMatches(glob, host)).toBe(matches);
  });

  it.each([
    ['acme/payments-api', 'Acme/payments-api', true],
    ['acme/*', 'acme/payments-api', true],
    ['acme/*', 'acme/x/y', false],
    ['acme/*', 'acme2/x', false],
    ['*/x', 'acme/x', true],
  ])('repository %s against %s: %s', (glob, repository, matches) => {
    expect(repositoryMatches(glob, repository)).toBe(matches);
  });

  it.each([
    ['acme/*/deploy-staging.yaml', 'Acme/shop', 'deploy-staging.yaml', true],
    ['acme/*/deploy-staging.yaml', 'acme/shop', 'Deploy-Staging.yaml', false],
    ['acme/*/deploy-staging.yaml', 'acme/shop', 'deploy-staging.yaml@v2.yaml', false],
    ['acme/shop/*.yaml', 'acme/shop', 'deploy.yaml', true],
    ['acme/shop/*', 'acme/shop', 'x/deploy.yaml', false],
    ['*/*/*', 'acme/shop', 'dynamic/pages/pages-build-deployment', false],
    ['acme/*', 'acme/shop', 'deploy.yaml', false],
  ])('workflow %s against %s %s: %s', (glob, repository, file, matches) => {
    expect(workflowMatches(glob, repository, file)).toBe(matches);
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    expect(nameMatches('*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
