/**
 * What the audit log holds: every write with its request, every access to a Secret, a token or a permission without its content,
 * and no other read. One line of JSON an answered request (`audit.k8s.io/v1` Event).
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    { level: 'None', users: ['system:apiserver'] },
    {
      level: 'Metadata',
      resources: [
        { group: '', resources: ['secrets', 'serviceaccounts/token'] },
        { group: 'authentication.k8s.io' },
        { group: 'authorization.k8s.io' },
      ],
    },
    { level: 'None', verbs: ['get', 'list', 'watch'] },
    { level: 'Request' },
  ],
};
