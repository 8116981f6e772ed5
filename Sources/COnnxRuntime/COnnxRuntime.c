#include "COnnxRuntime.h"
int connxruntime_placeholder(void) { return 0; }
