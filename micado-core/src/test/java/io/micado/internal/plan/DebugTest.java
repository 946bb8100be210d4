package io.micado.internal.plan;
import org.junit.jupiter.api.Test;
import java.util.*;
class DebugTest {
    @Test void dbg() {
        World world = RandomWorld.troubled(Long.getLong("seed", 27583L));
        for (int i=0;i<2;i++){ 
            System.out.println("BUSY "+world.busy);
            Plan p = world.plan();
                System.out.println("--- pass "+i+" known "+world.clusterKnown+" q "+world.quorum+" "+world.unknownClouds);
                p.actions().forEach(a->System.out.println("A "+a));
                p.decisions().forEach(a->System.out.println("D "+a.target()+" "+a.from()+">"+a.to()+" "+a.binding()+" "+a.steps()));
                for (var m: world.pools.values()) System.out.println(m+" "+m.behavior().get().equals(io.micado.api.scaling.Behavior.IMMEDIATE)+ m.headroom());
                for (var m: world.members.values()) { System.out.println("W "+m.id+" "+m.state+" us "+m.drainedByUs+" "+m.capacity+" "+m.pool+" "+m.offering.name()+" "+ m.labels);
                   Map<String,Integer> c=new TreeMap<>(); world.tasks.stream().filter(t->t.node.equals(Optional.of(m.nodeId()))).forEach(t->c.merge(t.service,1,Integer::sum)); System.out.println("    "+c);}
                for (var s: world.services.values()) System.out.println("S "+s.name+" "+s.replicas+" "+s.surge+" "+s.surgeOnDrain+" "+s.reservation+" "+s.constraints+" "+s.mostPerNode+" "+s.mode+" pending "+world.tasks.stream().filter(t->t.service.equals(s.name)&&t.node.isEmpty()).count());
            System.out.println(world.memory.pools());
            p.actions().forEach(a->world.busy.add(a.subject()));
        }
    }
}
