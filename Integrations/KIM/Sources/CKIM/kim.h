#include <kim-api/KIM_ModelDriverHeaders.h>
#include <kim-api/KIM_CollectionItemType.h>
#include <kim-api/KIM_LengthUnit.h>
#include <kim-api/KIM_EnergyUnit.h>
#include <kim-api/KIM_ChargeUnit.h>
#include <kim-api/KIM_TemperatureUnit.h>
#include <kim-api/KIM_TimeUnit.h>
