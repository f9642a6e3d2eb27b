package api

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Phase is a step of the loop.
type Phase string

// The phases that the benchmark goes through.
const (
	Pending    Phase = "Pending"
	Sweeping   Phase = "Sweeping"
	Diagnosing Phase = "Diagnosing"
	Planning   Phase = "Planning"
	Acting     Phase = "Acting"
	Verifying  Phase = "Verifying"
)

// Symptom is what is wrong, as far as known.
type Symptom struct {
	Description string `json:"description"`
	Node        string `json:"node,omitempty"`
}

// DebugSessionSpec is what is asked.
type DebugSessionSpec struct {
	TopologyRef     Reference `json:"topologyRef"`
	Symptom         *Symptom  `json:"symptom,omitempty"`
	Mode            string    `json:"mode,omitempty"`
	Reasoner        string    `json:"reasoner,omitempty"`
	CreatedBy       string    `json:"createdBy,omitempty"`
	Suspend         bool      `json:"suspend"`
	Cancel          bool      `json:"cancel"`
	GrantIterations int32     `json:"grantIterations"`
}

// DebugSessionStatus is how far the session is.
type DebugSessionStatus struct {
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	UID                string             `json:"uid,omitempty"`
	Phase              Phase              `json:"phase,omitempty"`
	Iteration          int32              `json:"iteration"`
	StalledIterations  int32              `json:"stalledIterations"`
	GrantedIterations  int32              `json:"grantedIterations"`
	StartedAt          *metav1.Time       `json:"startedAt,omitempty"`
	PhaseStartedAt     *metav1.Time       `json:"phaseStartedAt,omitempty"`
	Graph              *Graph             `json:"graph,omitempty"`
	Sweep              *Sweep             `json:"sweep,omitempty"`
	Diagnosis          *Diagnosis         `json:"diagnosis,omitempty"`
	Plan               *Plan              `json:"plan,omitempty"`
	Intents            []Intent           `json:"intents,omitempty"`
	Acting             *Act               `json:"acting,omitempty"`
	History            []Iteration        `json:"history,omitempty"`
	Locks              []string           `json:"locks,omitempty"`
	Usage              *Usage             `json:"usage,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
}

// Graph is the graph that is worked on.
type Graph struct {
	Nodes    int32    `json:"nodes"`
	Services []string `json:"services"`
	Gaps     []string `json:"gaps"`
}

// Sweep is what the last sweep saw, a line a node.
type Sweep struct {
	StartedAt    metav1.Time `json:"startedAt"`
	EndedAt      metav1.Time `json:"endedAt"`
	BundleDigest string      `json:"bundleDigest"`
	Nodes        []SweptNode `json:"nodes"`
}

// SweptNode is how one node looked.
type SweptNode struct {
	Node     string `json:"node"`
	Health   string `json:"health"`
	Findings int32  `json:"findings"`
	Summary  string `json:"summary"`
}

// Diagnosis is the reasoner's answer.
type Diagnosis struct {
	Engine            string       `json:"engine"`
	BundleDigest      string       `json:"bundleDigest"`
	ConfidencePercent int32        `json:"confidencePercent"`
	RootCause         Cause        `json:"rootCause"`
	Chain             []string     `json:"chain"`
	Claims            []Claim      `json:"claims"`
	Gaps              []string     `json:"gaps"`
	Fix               Fix          `json:"fix"`
	Predictions       []Prediction `json:"predictions"`
	Alternatives      []Cause      `json:"alternatives"`
}

// Cause is a possible root cause.
type Cause struct {
	Node              string `json:"node"`
	Kind              string `json:"kind"`
	Summary           string `json:"summary"`
	ConfidencePercent *int32 `json:"confidencePercent,omitempty"`
}

// Claim is a statement and the findings it rests on.
type Claim struct {
	Text     string   `json:"text"`
	Findings []string `json:"findings"`
}

// Fix is what the diagnosis would do.
type Fix struct {
	Action     string `json:"action"`
	Class      string `json:"class"`
	Node       string `json:"node"`
	Parameters string `json:"parameters"`
	Signature  string `json:"signature"`
	Rationale  string `json:"rationale"`
}

// Prediction is what will have changed if the diagnosis is right.
type Prediction struct {
	Node          string `json:"node"`
	FindingGone   string `json:"findingGone"`
	WithinSeconds int32  `json:"withinSeconds"`
}

// Plan is the frozen act of this iteration.
type Plan struct {
	ActionDigest  string `json:"actionDigest"`
	ContentDigest string `json:"contentDigest"`
	Action        string `json:"action"`
	Class         string `json:"class"`
	Node          string `json:"node"`
	Target        string `json:"target"`
	Summary       string `json:"summary"`
	Diff          string `json:"diff"`
	Risk          string `json:"risk"`
	Checks        string `json:"checks"`
}

// Intent is an outside write, before and after it is made.
type Intent struct {
	ID           string       `json:"id"`
	Kind         string       `json:"kind"`
	State        string       `json:"state"`
	Iteration    int32        `json:"iteration"`
	Action       string       `json:"action"`
	Target       string       `json:"target"`
	ActionDigest string       `json:"actionDigest"`
	StartedAt    metav1.Time  `json:"startedAt"`
	EndedAt      *metav1.Time `json:"endedAt,omitempty"`
	Evidence     string       `json:"evidence,omitempty"`
}

// Act is what Acting has waited for and seen.
type Act struct {
	Deployed string      `json:"deployed"`
	EndedAt  metav1.Time `json:"endedAt"`
}

// Iteration is a record of the history.
type Iteration struct {
	Iteration int32  `json:"iteration"`
	Diagnosis string `json:"diagnosis"`
	Action    string `json:"action"`
	Result    string `json:"result"`
	RootCause string `json:"rootCause"`
	Signature string `json:"signature"`
	Plan      string `json:"plan"`
	Standing  string `json:"standing"`
}

// Usage is what the session has used of its limits.
type Usage struct {
	ToolCalls int32 `json:"toolCalls"`
	Writes    int32 `json:"writes,omitempty"`
}

// DebugSession is one run of the loop.
// +kubebuilder:object:root=true
type DebugSession struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   DebugSessionSpec   `json:"spec"`
	Status DebugSessionStatus `json:"status,omitempty"`
}

// DebugSessionList is what a list answers.
// +kubebuilder:object:root=true
type DebugSessionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []DebugSession `json:"items"`
}
