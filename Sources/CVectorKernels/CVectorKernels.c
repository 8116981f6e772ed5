#include "CVectorKernels.h"
int cvectorkernels_placeholder(void) { return 0; }
