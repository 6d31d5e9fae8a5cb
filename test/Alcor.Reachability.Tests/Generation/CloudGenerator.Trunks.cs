namespace Alcor.Reachability.Tests;

/// <content>Trunks: some machines have further ports, each in a VLAN of the first.</content>
internal sealed partial class CloudGenerator
{
    private readonly List<(string Trunk, string Parent)> _trunks = [];

    private void BuildTrunks()
    {
        if (_machines.Count < 3 || _random.Chance(40))
            return;
        var ports = _machines.ToArray();
        _random.Shuffle(ports);
        for (var i = _random.Next(1, 3); i > 0; i--)
        {
            var (trunk, parent) = (NewName("trunk"), ports[i].Name);
            // A port becomes a parent only while it is on no host.
            Add(new Update("port", parent, """{"binding:host_id": ""}"""));
            Add(new Create("trunk", trunk, $$"""{"name": "{{trunk}}", "port_id": "${{parent}}"}"""));
            _trunks.Add((trunk, parent));
            AddSubPort(trunk, ports[0].Name);
            Add(new Update("port", parent, $$"""{"binding:host_id": "{{_random.Pick(_hosts)}}"}"""));
        }
        foreach (var machine in ports[3..].Where(_ => _random.Chance(60)))
            AddSubPort(_random.Pick(_trunks).Trunk, machine.Name);
    }

    private void ChangeTrunk((string Trunk, string Parent) trunk)
    {
        var port = _random.Pick(_machines).Name;
        if (_random.Chance(40))
            Add(new Update("port", trunk.Parent, $$"""{"binding:host_id": "{{_random.Pick(_hosts)}}"}"""));
        else if (_random.Chance(50))
            AddSubPort(trunk.Trunk, port);
        else
            Add(new Act("trunk", trunk.Trunk, "remove_subports", $$"""{"sub_ports": [{"port_id": "${{port}}"}]}"""));
    }

    /// <summary>The API refuses one that has a place already, and a tag that is another's.</summary>
    private void AddSubPort(string trunk, string port)
    {
        var tag = _random.Next(1, 6);
        Add(new Act("trunk", trunk, "add_subports", $$"""
            {"sub_ports": [{"port_id": "${{port}}", "segmentation_type": "vlan", "segmentation_id": {{tag}}}]}
            """));
    }
}
