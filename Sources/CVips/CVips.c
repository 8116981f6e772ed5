#include "CVips.h"
int cvips_placeholder(void) { return 0; }
