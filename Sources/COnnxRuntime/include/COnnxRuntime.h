#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

int connxruntime_placeholder(void);

#endif
