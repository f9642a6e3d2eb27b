import { join } from 'node:path';

/** Where a control plane keeps its things below its data folder. Any process that may read the folder can use the control plane. */
export function layout(dataDir: string) {
  return {
    pki: join(dataDir, 'pki'),
    users: join(dataDir, 'users'),
    adminKubeconfig: join(dataDir, 'admin.kubeconfig'),
    auditLog: join(dataDir, 'audit.log'),
    apiserverLog: join(dataDir, 'kube-apiserver.log'),
    etcdLog: join(dataDir, 'etcd.log'),
    /** What `attachControlPlane` reads: JSON of a `Description`. */
    description: join(dataDir, 'control-plane.json'),
  };
}

export interface Description {
  readonly url: string;
  /** Of kube-apiserver and of etcd. */
  readonly pids: readonly number[];
  readonly kubectlPath: string;
  readonly audited: boolean;
}
