import { describe, expect, it } from 'vitest';
import { editManifest } from '../../../../skills/kubernetes/actions/manifest.ts';

const text = `# the shop
apiVersion: v1
kind: Service
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: proxy
          image: proxy:1
          resources: {limits: {memory: 64Mi}}
        - name: shop
          image: shop:1 # by the build
          resources:
            requests:
              memory: 64Mi
            limits:
              memory: 64Mi # measured in spring
`;
const memory = { container: 'shop', path: ['resources', 'limits', 'memory'], value: '128Mi' };

describe('a Deployment in YAML', () => {
  it('has the one line changed that holds the value, and its comment kept', () => {
    const wanted = text.replace('memory: 64Mi # measured', 'memory: 128Mi # measured');
    expect(editManifest(text, 'shop', memory)).toEqual({ text: wanted });
    const image = { container: 'shop', path: ['image'], value: 'shop:2' };
    expect(editManifest(text, 'shop', image)).toEqual({ text: text.replace('shop:1 #', 'shop:2 #') });
  });

  it('is left alone when it says so already', () => {
    expect(editManifest(text, 'shop', { ...memory, value: '64Mi' })).toBe('unchanged');
  });

  it.each([
    ['another Deployment', text, 'other'],
    ['a value that is not there', text.replace('limits:\n', 'limit:\n'), 'shop'],
    ['a chart', '{{- if .Values.shop }}\nkind: Deployment\n{{- end }}', 'shop'],
  ])('is not touched where it is %s', (_what, given, name) => {
    expect(editManifest(given, name, memory)).toBe('unreadable');
  });

  it('is not touched where the value shares a line with others', () => {
    expect(editManifest(text, 'shop', { ...memory, container: 'proxy' })).toBe('unreadable');
  });
});
