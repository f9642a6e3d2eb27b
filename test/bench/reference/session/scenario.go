// Package session is a small session controller on controller-runtime: the same phases, writes and data as the product's.
package session

import (
	"encoding/json"
	"fmt"
	"os"
)

// Scenario is what the skills and the reasoner answer at once: the same file that the product's run reads.
type Scenario struct {
	Findings          []Finding `json:"findings"`
	Diagnosis         Diagnosis `json:"diagnosis"`
	Fix               Fix       `json:"fix"`
	PredictionSeconds int32     `json:"predictionSeconds"`
}

// Finding is a fact about one node.
type Finding struct {
	ID       string `json:"id"`
	Node     string `json:"node"`
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Source   string `json:"source"`
}

// Cause is a cause with how likely it is, from 0 to 1.
type Cause struct {
	Node       string  `json:"node"`
	Kind       string  `json:"kind"`
	Summary    string  `json:"summary"`
	Confidence float64 `json:"confidence"`
}

// Claim is a statement and the nodes whose findings it rests on.
type Claim struct {
	Text     string   `json:"text"`
	Findings []string `json:"findings"`
}

// Diagnosis is what the reasoner answers.
type Diagnosis struct {
	Engine       string   `json:"engine"`
	Cause        Cause    `json:"cause"`
	Chain        []string `json:"chain"`
	Claims       []Claim  `json:"claims"`
	Rationale    string   `json:"rationale"`
	Alternatives []Cause  `json:"alternatives"`
}

// Fix is the act: what is changed, from what to what.
type Fix struct {
	Action    string `json:"action"`
	Node      string `json:"node"`
	Memory    int32  `json:"memory"`
	Direction string `json:"direction"`
	Target    string `json:"target"`
	Before    string `json:"before"`
	After     string `json:"after"`
	Diff      string `json:"diff"`
	Settled   string `json:"settled"`
}

// LoadScenario reads the file.
func LoadScenario(file string) (Scenario, error) {
	var scenario Scenario
	text, err := os.ReadFile(file)
	if err != nil {
		return scenario, fmt.Errorf("reading the scenario: %w", err)
	}
	if err := json.Unmarshal(text, &scenario); err != nil {
		return scenario, fmt.Errorf("%s: %w", file, err)
	}
	return scenario, nil
}

// idOf is a node of the map as the graph names it; the service itself for an empty name.
func idOf(service, node string) string {
	if node == "" {
		return service
	}
	return service + "/" + node
}

// findingID is unique in a bundle and stable over a replay.
func findingID(service string, finding Finding) string {
	return idOf(service, finding.Node) + " " + finding.Kind
}

// findingsOf is what the probe of a node answers.
func (s Scenario) findingsOf(service, node string) []Finding {
	found := []Finding{}
	for _, finding := range s.Findings {
		if finding.Node == node {
			finding.ID, finding.Node = findingID(service, finding), idOf(service, node)
			finding.Source = "scripted"
			found = append(found, finding)
		}
	}
	return found
}
