package repo

var first interface{}

func second(m map[string]interface{}) interface{} {
	return m
}
