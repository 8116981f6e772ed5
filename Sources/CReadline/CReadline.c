#include "CReadline.h"
int creadline_placeholder(void) { return 0; }
