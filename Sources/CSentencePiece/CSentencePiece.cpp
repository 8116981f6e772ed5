#include "CSentencePiece.h"
int csentencepiece_placeholder(void) { return 0; }
