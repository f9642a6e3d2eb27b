export const usage = `Usage: threehops validate [DIR|FILE|-]... [options]

Checks maps, sessions, skills and tool servers before they are applied: their
schema as the API server has it with strict validation, references between
them, the parameters of nodes, ids of skills and actions, and thresholds that
mean nothing. It asks no cluster. Folders are read with all below them (.yaml,
.yml, .json); - is standard input; the current folder without any.

  -n, --namespace NAME      of objects that name none (default)
      --strict              warnings count as errors
  -o, --output text|json|github
                            a line a finding, path:line:column: error: message;
                            all of it as JSON; or commands that a GitHub
                            workflow shows beside the lines
  -h, --help                this text

Other kinds are passed over and counted, and so are the patches of a
kustomization: to check what an overlay comes to, validate what it renders,

  kubectl kustomize overlays/staging | threehops validate -

Exit codes: 0 fine, 1 errors (with --strict: or warnings), 2 wrong arguments.`;
