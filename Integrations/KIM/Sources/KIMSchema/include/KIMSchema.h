#ifndef ATOMFLOW_KIM_SCHEMA_H
#define ATOMFLOW_KIM_SCHEMA_H

#include <kim-api/KIM_ModelDriverHeaders.h>

/* A driver defines both in Swift, by @c. */

/* The name under which models ask for the driver. */
char const *atomflow_kim_driver_name(void);

/* What makes a model: see KIM_ModelDriverCreateFunction. */
int atomflow_kim_create(KIM_ModelDriverCreate *create, KIM_LengthUnit length, KIM_EnergyUnit energy,
                        KIM_ChargeUnit charge, KIM_TemperatureUnit temperature, KIM_TimeUnit time);

#endif
