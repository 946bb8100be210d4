package io.micado.internal.memory;

import io.micado.api.scaling.TargetId;
import io.micado.api.worker.WorkerId;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into plain maps and lists for JSON, and back, component by component. A component that is absent is empty or
 * zero, so that a memory may gain components. Not instantiable.
 */
final class RecordCodec {
    /** Every look-up of the components makes new ones, which takes longer than all the rest. */
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    private RecordCodec() {}

    /** {@return the value as maps, lists, texts and numbers} */
    static Object encode(Object value) {
        if (value instanceof Record record) {
            return isId(record.getClass()) ? record.toString() : components(record);
        }
        if (value instanceof Optional<?> optional) {
            return optional.<Object>map(inner -> List.of(encode(inner))).orElse(List.of());
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? List.of(optional.getAsInt()) : List.of();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.forEach((key, inner) -> values.put(String.valueOf(key), encode(inner)));
            return values;
        }
        if (value instanceof Collection<?> collection) {
            List<Object> values = new ArrayList<>();
            collection.forEach(inner -> values.add(encode(inner)));
            return values;
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private static Map<String, Object> components(Record record) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS.get(record.getClass())) {
            try {
                values.put(component.getName(), encode(component.getAccessor().invoke(record)));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return values;
    }

    /** {@return a record of this class from what {@link #encode} made} */
    static <R extends Record> R decode(Class<R> type, @Nullable Object value) {
        Map<?, ?> values = value instanceof Map<?, ?> map ? map : Map.of();
        RecordComponent[] components = COMPONENTS.get(type);
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = decode(components[i].getGenericType(), values.get(components[i].getName()));
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot read a " + type.getSimpleName(), e);
        }
    }

    private static Object decode(Type type, @Nullable Object value) {
        if (type instanceof ParameterizedType generic) {
            return decodeGeneric(generic, value);
        }
        if (type == int.class || type == Integer.class) {
            return value instanceof Number number ? number.intValue() : 0;
        }
        if (type == long.class || type == Long.class) {
            return value instanceof Number number ? number.longValue() : 0L;
        }
        if (type == double.class || type == Double.class) {
            return value instanceof Number number ? number.doubleValue() : 0.0;
        }
        if (type == boolean.class) {
            return Boolean.TRUE.equals(value);
        }
        if (type == OptionalInt.class) {
            return value instanceof List<?> list && !list.isEmpty()
                    ? OptionalInt.of(((Number) list.get(0)).intValue())
                    : OptionalInt.empty();
        }
        if (type == Instant.class) {
            return value == null ? Instant.EPOCH : Instant.parse(value.toString());
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return isId(record) ? id(record, String.valueOf(value)) : decode(record.asSubclass(Record.class), value);
        }
        return value == null ? "" : value.toString();
    }

    private static Object decodeGeneric(ParameterizedType type, @Nullable Object value) {
        Type inner = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        Class<?> raw = (Class<?>) type.getRawType();
        if (Map.class.isAssignableFrom(raw)) {
            Type keyType = type.getActualTypeArguments()[0];
            Map<Object, Object> map = raw == SortedMap.class ? new TreeMap<>() : new LinkedHashMap<>();
            if (value instanceof Map<?, ?> values) {
                values.forEach((key, of) -> map.put(decode(keyType, key), decode(inner, of)));
            }
            return map;
        }
        List<Object> list = new ArrayList<>();
        if (value instanceof Collection<?> values) {
            values.forEach(of -> list.add(decode(inner, of)));
        }
        if (raw == Optional.class) {
            return list.stream().findFirst();
        }
        return Set.class.isAssignableFrom(raw) ? new TreeSet<>(list) : list;
    }

    private static boolean isId(Class<?> type) {
        return type == TargetId.class || type == WorkerId.class;
    }

    private static Object id(Class<?> type, String text) {
        if (type == WorkerId.class) {
            return new WorkerId(text);
        }
        return target(text);
    }

    /** {@return the target of its own text} */
    static TargetId target(String text) {
        String name = text.substring(text.indexOf(':') + 1);
        return text.startsWith("pool:") ? TargetId.pool(name) : TargetId.service(name);
    }
}
