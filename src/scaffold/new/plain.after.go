package p

import (
	"log"
)

func start(run func() error) {
	if err := run(); err != nil {
		log.Fatalf("cannot start: %v", err)
	}
}
