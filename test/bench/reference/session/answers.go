package session

import "threehops.local/reference/api"

func chainOf(service string, names []string) []string {
	chain := []string{}
	for _, name := range names {
		chain = append(chain, idOf(service, name))
	}
	return chain
}

// claimsOf gives each claim the ids of the findings of the nodes that it names.
func (s Scenario) claimsOf(service string) []api.Claim {
	claims := []api.Claim{}
	for _, claim := range s.Diagnosis.Claims {
		ids := []string{}
		for _, node := range claim.Findings {
			for _, finding := range s.findingsOf(service, node) {
				ids = append(ids, finding.ID)
			}
		}
		claims = append(claims, api.Claim{Text: claim.Text, Findings: ids})
	}
	return claims
}

func (s Scenario) predictionsOf(service string) []api.Prediction {
	predictions := []api.Prediction{}
	for _, finding := range s.findingsOf(service, s.Fix.Node) {
		predictions = append(predictions, api.Prediction{
			Node: finding.Node, FindingGone: finding.Kind, WithinSeconds: s.PredictionSeconds,
		})
	}
	return predictions
}

func alternativesOf(service string, causes []Cause) []api.Cause {
	alternatives := []api.Cause{}
	for _, cause := range causes {
		likely := percent(cause.Confidence)
		alternatives = append(alternatives, api.Cause{
			Node: idOf(service, cause.Node), Kind: cause.Kind, Summary: cause.Summary, ConfidencePercent: &likely,
		})
	}
	return alternatives
}

// target identifies what is changed.
func (f Fix) target(service string) string {
	return f.Target + ":" + service
}

// signature is the idea of the fix, whatever its figures.
func (f Fix) signature(service string) string {
	return f.Action + " " + f.target(service) + " " + f.Direction
}
