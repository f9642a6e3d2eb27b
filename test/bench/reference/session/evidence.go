package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
)

// Evidence keeps what a session froze, in memory, by the SHA-256 of its JSON.
type Evidence struct {
	kept sync.Map
}

// save stores a value and answers its digest.
func (e *Evidence) save(value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encoding evidence: %w", err)
	}
	digest := digestOf(text)
	e.kept.Store(digest, text)
	return digest, nil
}

// load reads back what was saved.
func (e *Evidence) load(digest string, into any) error {
	text, found := e.kept.Load(digest)
	if !found {
		return fmt.Errorf("there is no evidence %s", digest)
	}
	return json.Unmarshal(text.([]byte), into)
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
