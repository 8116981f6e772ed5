#ifndef CVIPS_H
#define CVIPS_H

int cvips_placeholder(void);

#endif
