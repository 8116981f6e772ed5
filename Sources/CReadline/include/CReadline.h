#ifndef CREADLINE_H
#define CREADLINE_H

int creadline_placeholder(void);

#endif
