/** What a file of a source repository is for, told by its path alone. */
export type PathKind =
  | 'Code'
  | 'Config'
  | 'Schema'
  | 'Dependencies'
  | 'Lock'
  | 'Build'
  | 'Ci'
  | 'Hook'
  | 'Rules'
  | 'Credential'
  | 'Test'
  | 'Docs';

const rules: readonly (readonly [PathKind, RegExp])[] = [
  // What editors and shells run when a folder is opened is one as well.
  [
    'Hook',
    /(^|\/)(\.husky|\.githooks|hooks|\.vscode|\.idea|\.devcontainer)\/|(^|\/)(\.pre-commit-config\.ya?ml|lefthook\.ya?ml|\.envrc)$/,
  ],
  ['Rules', /(^|\/)(CODEOWNERS|OWNERS|OWNERS_ALIASES|\.gitattributes|\.gitmodules|\.gitconfig)$/i],
  [
    'Ci',
    /^\.github\/|(^|\/)(\.gitlab-ci\.ya?ml|Jenkinsfile|(azure|bitbucket)-pipelines\.ya?ml|\.?appveyor\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml)$|^\.(circleci|buildkite|gitlab|woodpecker|semaphore|tekton)\//i,
  ],
  [
    'Credential',
    /(^|\/)(\.npmrc|\.netrc|\.pypirc|\.git-credentials|id_(rsa|ed25519|ecdsa)|credentials(\.\w+)?|secrets?\.(json|ya?ml|env))$|\.(pem|key|p12|pfx|jks|keystore)$/i,
  ],
  [
    'Lock',
    /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|Pipfile\.lock|uv\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock|gradle\.lockfile)$/,
  ],
  [
    'Dependencies',
    /(^|\/)(package\.json|\.yarnrc(\.ya?ml)?|\.pnp\.[cm]?js|\.pnpmfile\.[cm]?js|pnpm-workspace\.yaml|bunfig\.toml|requirements[^/]*\.txt|pyproject\.toml|setup\.(py|cfg)|Pipfile|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(\.kts)?)$/,
  ],
  [
    'Build',
    /(^|\/)(Dockerfile[^/]*|[^/]*\.Dockerfile|Containerfile|Makefile|[^/]*\.mk|docker-compose[^/]*\.ya?ml|compose\.ya?ml|Taskfile\.ya?ml|justfile|CMakeLists\.txt|Rakefile|Procfile|Tiltfile|Earthfile|Vagrantfile|gradlew(\.bat)?|mvnw(\.cmd)?|build\.rs|\.bazelrc|WORKSPACE(\.bazel)?|BUILD\.bazel)$|(^|\/)(\.mvn|gradle\/wrapper)\/|(^|\/)\.dockerignore$/i,
  ],
  [
    'Test',
    /(^|\/)(tests?|__tests__|specs?|testdata|fixtures|e2e|cypress)\/|\.(test|spec)\.[cm]?[jt]sx?$|(^|\/)test_[^/]*\.py$|_test\.(go|py|rb)$|(Test|Tests|IT)\.(java|kt|cs)$/,
  ],
  ['Docs', /(^|\/)docs?\/|\.(md|mdx|rst|adoc)$|(^|\/)(LICENSE|NOTICE|AUTHORS|CHANGELOG)[^/]*$/i],
  ['Schema', /(^|\/)(migrations?|db\/migrate|alembic|flyway|liquibase)\/|\.(sql|ddl|prisma)$/i],
  [
    'Config',
    /(^|\/)(config|conf|deploy|settings)\/[^/]*\.[cm]?[jt]s$|\.(json|ya?ml|toml|ini|cfg|conf|properties|env)$|(^|\/)\.env(\.[^/]*)?$/i,
  ],
];

export function pathKind(path: string): PathKind {
  return rules.find(([, pattern]) => pattern.test(path))?.[0] ?? 'Code';
}

/** Whether a change of the file can change how the service runs. */
export function runs(path: string): boolean {
  const kind = pathKind(path);
  return (
    kind === 'Code' ||
    kind === 'Config' ||
    kind === 'Schema' ||
    kind === 'Dependencies' ||
    kind === 'Lock' ||
    kind === 'Build'
  );
}
