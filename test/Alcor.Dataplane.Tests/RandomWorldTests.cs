using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Dataplane.Tests;

/// <summary>
/// Hosts come and go and are slow, processes restart, ports move: in the end all know what they must.
/// </summary>
public sealed class RandomWorldTests
{
    private const int HostCount = 5;
    private const int PortCount = 12;
    private const int NetworkCount = 5;
    private const int GroupCount = 4;
    private const int RouterCount = 3;

    [Fact]
    public void Once_everything_is_quiet_every_host_holds_what_a_full_recompute_says()
    {
        var random = Seed.For(nameof(Once_everything_is_quiet_every_host_holds_what_a_full_recompute_says));
        for (var round = 0; round < 25; round++)
        {
            var options = new DataplaneOptions
            {
                MessageBytesMax = random.Next(2) == 0 ? 300 : 100_000,
                WindowDeltasMax = 1 + random.Next(10),
                UnacknowledgedMax = 1 + random.Next(3),
            };
            using var world = new World(options);
            world.Commit(
                Enumerable.Range(1, NetworkCount).SelectMany(Samples.PutNetwork)
                    .Concat(Enumerable.Range(1, GroupCount).Select(number => Samples.Put(Samples.Group(number))))
                    .Concat(Enumerable.Range(1, RouterCount).Select(number => Samples.Put(Samples.Router(number)))));
            var run = new Run(world, random);
            for (var step = 0; step < 80; step++)
                run.Step();
            run.Quiet();
        }
    }

    private sealed class Run(World world, Random random)
    {
        private readonly FakeHost?[] hosts = new FakeHost?[HostCount];
        private readonly Dictionary<int, Port> ports = [];
        private readonly HashSet<int> rules = [];
        private readonly SortedDictionary<(int Router, int Network), Port> routerPorts = [];
        private long generation;

        public void Step()
        {
            var number = random.Next(HostCount);
            switch (random.Next(16))
            {
                case 0:
                    Leave(number);
                    break;
                case 1 or 2:
                    hosts[number] = world.Connect(hosts[number]?.Again() ?? new FakeHost($"host-{number}"));
                    break;
                case 3:
                    if (hosts[number] is { } slow)
                        slow.AcknowledgesAtOnce = !slow.AcknowledgesAtOnce;
                    break;
                case 4:
                    AcknowledgeAll();
                    break;
                case 5 when random.Next(4) == 0:
                    world.Restart();
                    break;
                case 6:
                    world.PassWithHeartbeats(random.Next(20));
                    break;
                case 7:
                    world.Store.IsSilent = random.Next(3) == 0;
                    break;
                case 8 or 9:
                    WriteRule();
                    break;
                case 10 or 11:
                    WriteRouter();
                    break;
                default:
                    Write();
                    break;
            }
            if (random.Next(2) == 0)
                world.Settle();
        }

        public void Quiet()
        {
            world.Store.IsSilent = false;
            for (var number = 0; number < HostCount; number++)
            {
                hosts[number] = world.Connect(hosts[number]?.Again() ?? new FakeHost($"host-{number}"));
                Assert.True(hosts[number]!.WasSynchronized);
            }
            world.PassWithHeartbeats(130);
            world.AssertConverged(hosts!);
            Assert.All(hosts, host => Assert.Null(world.EndOf(host!)));
            foreach (var port in ports.Values)
            {
                var stored = world.Read(Port.Type, port.Id)!;
                Assert.Equal(port.IsBound ? PortStatus.Active : PortStatus.Down, stored.Status);
            }
        }

        private void Leave(int number) => hosts[number]?.Leave();

        private void AcknowledgeAll()
        {
            foreach (var host in hosts.OfType<FakeHost>().Where(host => world.EndOf(host) is null))
            {
                foreach (var (partition, held) in host.Partitions)
                    host.Acknowledge(partition, held.Revision);
            }
        }

        private void Write()
        {
            var number = random.Next(PortCount);
            var network = 1 + number % NetworkCount;
            var writes = new List<Write>();
            var earlier = ports.GetValueOrDefault(number);
            if (earlier is not null)
                writes.AddRange(Samples.EndBound(earlier));
            ports.Remove(number);
            if (random.Next(4) > 0)
            {
                var host = random.Next(5) == 0 ? "" : $"host-{random.Next(HostCount)}";
                var port = Samples.Port(number, network, host) with
                {
                    Generation = ++generation,
                    SecurityGroups = random.Next(2) == 0 ? [Samples.GroupId(1 + random.Next(GroupCount))] : default,
                };
                ports.Add(number, port);
                var keys = Samples.PutBound(port).Select(write => write.Key).ToHashSet();
                writes = [.. writes.Where(write => !keys.Contains(write.Key)), .. Samples.PutBound(port)];
            }
            writes.Add(Samples.Put(Samples.Network(network) with { Mtu = 1000 + random.Next(100) }));
            world.CommitUnseen(writes);
        }

        private void WriteRule()
        {
            var number = random.Next(8);
            var rule = Samples.Rule(number, 1 + number % GroupCount, 1 + random.Next(GroupCount));
            if (rules.Add(number) || random.Next(2) == 0)
                world.CommitUnseen(Samples.Put(rule));
            else if (rules.Remove(number))
                world.CommitUnseen(Samples.End(rule));
        }

        /// <summary>A router comes into a network, or leaves it; its port and itself in one commit or in two.</summary>
        private void WriteRouter()
        {
            var (router, network) = (1 + random.Next(RouterCount), 1 + random.Next(NetworkCount));
            var port = Samples.RouterPort(1000 + router * NetworkCount + network, network, router);
            var isNew = routerPorts.TryAdd((router, network), port);
            if (!isNew)
                routerPorts.Remove((router, network));
            Write[] writes =
            [
                isNew ? Samples.Put(port) : Samples.End(port),
                Samples.Put(Samples.Router(
                    router, routerPorts.Where(one => one.Key.Router == router).Select(one => one.Value))),
            ];
            if (random.Next(2) == 0)
                world.CommitUnseen(writes);
            else
                writes.ToList().ForEach(write => world.CommitUnseen(write));
        }
    }
}
