#ifndef CVECTORKERNELS_H
#define CVECTORKERNELS_H

int cvectorkernels_placeholder(void);

#endif
