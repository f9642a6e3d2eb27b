import { allowsActing, allowsNamespace, allowsRepository } from '../config/allow.ts';
import type { Allow } from '../config/config.ts';
import { isLowerEnvironment } from '../config/lower-environment.ts';
import { standIn, type ToolServers } from '../extensions/tool-servers.ts';
import type { Allowance } from '../session/dependencies.ts';

/**
 * The platform's own word on where a session may act, before any tool is asked; accounts and clusters are checked again by the
 * servers, at the system itself.
 */
export function allowanceOf(allow: Allow, toolServers: ToolServers): Allowance {
  const barred: Allowance['barred'] = ({ metadata, spec }, repository) => {
    if (!allowsActing(allow)) return 'the operator is configured to diagnose and propose only';
    const { environment } = spec;
    // What names no environment may be production.
    if (environment === undefined) return `the map of ${spec.service} names no environment`;
    if (!isLowerEnvironment(environment)) {
      return `environment ${environment.name} is no lower environment`;
    }
    const { namespace } = metadata;
    if (!allowsNamespace(allow, namespace)) return `namespace ${namespace} is not among the allowed ones`;
    if (repository === undefined || allowsRepository(allow, repository)) return undefined;
    return `repository ${repository} is not among the allowed ones`;
  };
  return {
    barred,
    refusal(resolved, key, action) {
      const topology = resolved.topologies.get(key);
      if (topology === undefined) return `there is no map ${key}`;
      if (action.class !== 'Code') return barred(topology);
      return barred(topology, topology.spec.source?.repository ?? '(none)');
    },
    unavailable({ metadata, spec }, { server, tools }) {
      const name = standIn({ spec }, server);
      if (name === undefined || tools.write.length === 0) return undefined;
      const { write = [] } = toolServers.get({ namespace: metadata.namespace, name })?.spec.tools ?? {};
      if (tools.write.some((tool) => write.includes(tool))) return undefined;
      return `ToolServer ${name}, which stands in for ${server}, lists none of the tools ${tools.write.join(', ')}`;
    },
  };
}
