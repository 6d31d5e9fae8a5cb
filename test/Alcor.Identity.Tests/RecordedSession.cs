namespace Alcor.Identity.Tests;

/// <summary>A command of a session, or a request, and how it went.</summary>
/// <param name="Outcome">The exit code, or the status.</param>
/// <param name="Line">The caller, then what was asked.</param>
/// <param name="Said">What there is to say of it, a line each, indented.</param>
internal sealed record RecordedStep(string Outcome, string Line, IReadOnlyList<string> Said)
{
    public override string ToString() => $"{Outcome} {Line}\n{string.Concat(Said.Select(line => $"{line}\n"))}";

    /// <summary>The lines that only one of both has, "-" before those of this one; none if it went the same.</summary>
    public RecordedStep DifferenceTo(RecordedStep other)
    {
        var (these, those) = ((string[])[Outcome, .. Said], (string[])[other.Outcome, .. other.Said]);
        return this with
        {
            Said =
            [
                .. Without(these, those).Select(line => $"    - {line.TrimStart()}"),
                .. Without(those, these).Select(line => $"    + {line.TrimStart()}"),
            ],
        };
    }

    /// <summary>Each line as often as the others have it less often.</summary>
    private static IEnumerable<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
    {
        var left = others.CountBy(line => line).ToDictionary();
        foreach (var line in lines)
        {
            if (left.TryGetValue(line, out var count) && count > 0)
                left[line] = count - 1;
            else
                yield return line;
        }
    }
}

/// <summary>Steps in their order, as a text that people read.</summary>
/// <param name="Header">What the file says of itself before them; lines with # after it are comments.</param>
/// <param name="Steps">Each with how it went.</param>
internal sealed record RecordedSession(string Header, IReadOnlyList<RecordedStep> Steps)
{
    public string Text => string.Concat(Steps);

    public static RecordedSession Read(string path) => Parse(File.ReadAllText(path));

    public static RecordedSession Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines.TakeWhile(line => line.StartsWith('#')).Select(line => $"{line}\n");
        var steps = new List<RecordedStep>();
        foreach (var line in lines.Where(line => line[0] != '#'))
        {
            if (line[0] == ' ')
                steps[^1] = steps[^1] with { Said = [.. steps[^1].Said, line] };
            else
                steps.Add(new RecordedStep(line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..], []));
        }
        return new RecordedSession(string.Concat(header), steps);
    }

    /// <summary>Fails with all differences unless they are those that a file tells.</summary>
    public void Check(RecordedSession replayed, string differences)
    {
        var found = DifferencesTo(replayed).Text;
        var isTold = found == Read(differences).Text;
        Assert.True(isTold, $"differs otherwise than {Path.GetFileName(differences)} tells:\n{found}");
    }

    /// <summary>The steps that went otherwise, with what is different in each.</summary>
    private RecordedSession DifferencesTo(RecordedSession other)
    {
        Assert.Equal(Steps.Select(step => step.Line), other.Steps.Select(step => step.Line));
        return this with
        {
            Steps =
            [
                .. Steps.Zip(other.Steps, (ours, theirs) => ours.DifferenceTo(theirs))
                    .Where(step => step.Said.Count > 0),
            ],
        };
    }
}
